"""Infrastructure shared by all packages: configuration, database, security, jobs, mail, audit, exports. It knows nothing of assessments. Begin with `application`, then `db` and `config`."""
