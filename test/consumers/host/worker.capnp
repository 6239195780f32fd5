using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "host", worker = .host)]);

const host :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "out/workerd/worker.js")],
  compatibilityDate = "2026-11-01",
);
