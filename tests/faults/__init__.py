"""What must hold when a process is killed, a service is gone, or a message comes three times."""
