// Requests that change something, and messages when they cannot.

import { element } from "./dom.js";

const SHOWN = 8000;

export function toast(message) {
  const region = document.querySelector("[data-toasts]");
  const line = element("p", {}, message);
  region.replaceChildren(line);
  setTimeout(() => line.remove(), SHOWN);
}

export async function send(method, path) {
  if (document.body.dataset.connection === "RESTARTING") {
    toast("The application restarts at the moment. Please try again when it is back.");
    return false;
  }
  try {
    const response = await fetch(path, { method, signal: AbortSignal.timeout(10_000) });
    if (response.ok) {
      return true;
    }
    toast(`That did not work: the application answered ${response.status}.`);
  }
  catch {
    toast("That did not work: the application does not answer.");
  }
  return false;
}
