"""What the simulator costs: time, memory, and how both grow. `make bench` runs everything."""
