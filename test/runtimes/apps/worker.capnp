# What workerd serves. The bundle is made by the tests, from worker.ts; the port is free and told on file descriptor 3.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(
    name = "app",
    worker = (
      modules = [(name = "worker", esModule = embed "../../../.tmp/runtimes/worker.js")],
      bindings = [(name = "MOUNTS", fromEnvironment = "MOUNTS")],
      compatibilityDate = "2026-11-17",
      compatibilityFlags = ["nodejs_compat"],
    ),
  )],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")],
);
