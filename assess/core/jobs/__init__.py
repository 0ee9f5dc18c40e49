"""Background jobs: stored in the transaction that enqueues them, run at least once by worker processes. Begin with `services.enqueue`, then `worker`."""
