"""A modern-slavery self-assessment that explains every point and gives a plan. It never contacts anybody by itself. Begin with `create_app`."""
