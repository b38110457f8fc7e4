"""Atlas as a process: `serve`, `web` and `worker`, how they start and how they stop."""
