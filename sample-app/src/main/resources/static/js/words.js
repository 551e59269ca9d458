// What a state means, in one sentence.

import { hostName, plural, protocol } from "./format.js";

const NOTHING_SENT = "Nothing was sent: no user name, no password, no query.";

const REFUSED = {
  UNTRUSTED_ISSUER: () => "Refused: no trusted authority vouches for this server.",
  HOST_NAME_MISMATCH: (host) => `Refused: this server's certificate is not for ${host}.`,
  EXPIRED: () => "Refused: the server's certificate has expired.",
  NOT_YET_VALID: () => "Refused: the server's certificate is not valid yet.",
  WEAK_ALGORITHM: () => "Refused: the server's certificates are too weak.",
  CERTIFICATE_INVALID: () => "Refused: the server's certificates break a rule.",
  NO_COMMON_PROTOCOL: () => "Refused: the server offers only versions of TLS that are too old.",
  NO_COMMON_CIPHER: () => "Refused: the server offers only ciphers that are not allowed.",
  TLS_NOT_OFFERED: () => "Refused: the server offers no encryption.",
  CLIENT_CERTIFICATE_REQUIRED: () => "The server wants a certificate of the application, which has none.",
  CLIENT_CERTIFICATE_REFUSED: () => "The server does not accept the application's certificate.",
  HANDSHAKE_TIMEOUT: (host) => `No connection: ${host} did not answer in time.`,
  CONNECTION_CLOSED: (host) => `No connection: ${host} hung up before it had proven anything.`,
  NOT_MYSQL: (host) => `Refused: what answers at ${host} is no MySQL server.`,
  UNREACHABLE: (host) => `No connection: nothing answers at ${host}.`,
  LOGIN_REFUSED: (host) => `No connection: ${host} refuses the login.`
};

// After these the login may have been on its way, to a server that was verified.
const LOGIN_SENT = new Set(["LOGIN_REFUSED", "CONNECTION_CLOSED", "OTHER"]);

// The connection as it is to be shown. Without host names in its check, an impostor with a certificate of the right
// authority is let in: what the policy calls verified is not proven then, and the page must not say so.
export function judged({ connection = { status: "UNKNOWN" }, stage }) {
  const deceived = connection.status === "UP" && stage?.impostor?.bytesSeen > 0;
  return deceived ? { ...connection, verified: false, deceived } : connection;
}

export function sentence(connection, policy) {
  const host = hostName(connection.host) || "the database's address";
  if (connection.status === "UP") {
    const encrypted = connection.protocol ? `Encrypted with ${protocol(connection.protocol)}` : "Encrypted";
    if (connection.deceived) {
      return `${encrypted}, but with an impostor, who reads along.`;
    }
    if (!connection.verified) {
      return `${encrypted}, but nobody has proven who the server is.`;
    }
    return (policy?.sslMode === "verify-ca")
      ? `${encrypted}, and a trusted authority vouches for the server.`
      : `${encrypted}, and the server has proven that it is ${host}.`;
  }
  if (connection.status === "DOWN") {
    return REFUSED[connection.error?.cause]?.(host) ?? "There is no safe connection to the database.";
  }
  return "Nothing is known of the connection yet.";
}

export function assurance(connection, policy, impostor) {
  if (connection.status === "UP") {
    if (connection.deceived) {
      return "His certificate is of the right authority, and this policy compares no names. Only verify-identity keeps him out.";
    }
    if (!connection.verified) {
      return "Whoever stands between could read along.";
    }
    return (policy?.sslMode === "verify-ca")
      ? "Under verify-ca the name in its certificate is not compared."
      : "";
  }
  if (connection.status === "DOWN") {
    const cause = connection.error?.cause;
    return (!cause || LOGIN_SENT.has(cause)) ? connection.error?.message?.split("\n")[0] ?? "" : (impostor ? `${NOTHING_SENT} The impostor in front of the database has read ${plural(impostor.bytesSeen, "byte")}.` : NOTHING_SENT);
  }
  return "";
}

// Nobody was refused: there was nobody, or he went away.
const AWAY = new Set(["UNREACHABLE", "HANDSHAKE_TIMEOUT", "CONNECTION_CLOSED", "OTHER"]);

const ORDERS = {
  SERVING: ["Serving", "good", "served"],
  WAITING: ["Waiting", "warn", "waiting"],
  STOPPED: ["Stopped", "", "info"]
};

export const orders = (state) => ORDERS[state] ?? [state ?? "–", "", "info"];

export function link(connection) {
  if (connection.status === "UP") {
    if (connection.deceived) {
      return ["Encrypted, to an impostor", "bad", "refused"];
    }
    return connection.verified ? ["Encrypted and verified", "good", "served"] : ["Encrypted, not verified", "warn", "info"];
  }
  if (connection.status === "DOWN") {
    return [AWAY.has(connection.error?.cause) ? "No connection" : "Refused", "bad", "refused"];
  }
  return ["Unknown", "", "info"];
}

// Whether a failure is over; while the pool serves, only new connections meet it.
export function verdict(failure, connection) {
  if (failure.nextSuccess) {
    return ["OVER", "Over"];
  }
  const away = AWAY.has(failure.cause);
  if (connection?.status === "UP") {
    return ["NOW", away ? "New connections fail" : "New connections refused"];
  }
  return ["NOW", away ? "No connection now" : "Refused now"];
}

// The stream of what is shown, and what to say while there is none.
export const LINKS = {
  live: { short: "Live" },
  restarting: { short: "Restarting", status: "RESTARTING", sentence: "The application is restarting.", assurance: "It comes back in a few seconds, and this page by itself." },
  lost: { short: "Trying again", status: "UNKNOWN", sentence: "The connection to this page is lost; trying again.", assurance: "Nothing is known of the connection to the database meanwhile." },
  gone: { short: "No answer", status: "UNKNOWN", sentence: "The application does not answer.", assurance: "If it was stopped, start it again: this page keeps trying." }
};

export const KINDS = {
  ACTION: ["Done", "action"],
  SERVED: ["Served", "served"],
  REFUSED: ["Refused", "refused"],
  INFO: ["Note", "info"]
};

export const ROLES = { server: "Server", chain: "Intermediate", anchor: "Root, trusted" };

export const GROUPS = {
  impostor: "An impostor",
  certificate: "The server's certificate",
  authority: "The certificate authority",
  protocol: "The protocol",
  outage: "An outage"
};
