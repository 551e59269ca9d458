// Padlock, statement and facts.

import { attribute, put, row, show } from "./dom.js";
import { assurance, sentence } from "./words.js";

const body = document.body;

export function showConnection(state) {
  const connection = state.connection ?? { status: "UNKNOWN" };
  const settings = Object.fromEntries((state.policy ?? []).map((setting) => [setting.name, setting.value]));
  attribute(body, "data-connection", connection.status ?? "UNKNOWN");
  attribute(body, "data-verified", connection.verified);
  put("connection.status", connection.status);
  put("connection.sentence", sentence(connection, settings));
  put("connection.assurance", assurance(connection, settings));
  const up = connection.status === "UP";
  put("connection.protocol", up ? connection.protocol : null);
  put("connection.resumed", up ? connection.resumed : null, connection.resumed ? "resumed" : "full handshake");
  row("connection.protocol", Boolean(up && connection.protocol));
  put("connection.cipher", up ? connection.cipher : null);
  put("connection.host", connection.host);
  put("connection.server", up ? connection.server : null);
  put("connection.error.cause", connection.error?.cause);
  put("policy.provider", settings.provider);
  put("policy.sslMode", settings.sslMode);
  show(document.querySelector('[data-way="diagnosis"]'), !up && Boolean(state.lastFailure));
  show(document.querySelector('[data-way="demonstrations"]'), up && Boolean(state.stage));
}

export function showRestart(gone) {
  attribute(body, "data-connection", "RESTARTING");
  put("connection.sentence", gone ? "The application does not answer." : "The application is restarting.");
  put("connection.assurance", gone
    ? "If it was stopped, start it again: this page keeps trying."
    : "It comes up again with its settings, and this page with it.");
  for (const way of document.querySelectorAll("[data-way]")) {
    show(way, false);
  }
}
