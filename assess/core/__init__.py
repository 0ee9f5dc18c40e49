"""Infrastructure shared by all packages: configuration, database, security, jobs, mail, audit, exports. It knows nothing of assessments. Begin with `config`, `db` and `application`."""
