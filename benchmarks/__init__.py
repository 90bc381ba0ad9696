"""What `make bench` measures: each module has `run()`, which returns labels with figures."""
