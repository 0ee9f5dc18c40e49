"""Mail: written to an outbox in the transaction of its event, sent later by a worker, at most once per event. Begin with `services.enqueue_mail`."""
