// The certificates from the server's to the one that is trusted.

import { attribute, breakable, element, keyed, part, put, putTime, show, text } from "./dom.js";
import { commonName, count, day, plural, time } from "./format.js";
import { ROLES } from "./words.js";

const DAY = 86_400_000;
const SOON = 14;

const path = document.querySelector('[data-live="connection.path"]');
const authorities = document.querySelector('[data-live="trust.authorities"]');

export function showChain(state) {
  const chain = state.connection?.path ?? [];
  // An intermediate and its root may have one name; a server's certificate after a renewal has the same one, too.
  keyed(path, chain, (certificate) => `${certificate.role} ${certificate.subject} ${certificate.notAfter}`, card, fill);
  show(path, chain.length > 0);
  show(part("no-path"), chain.length === 0);
  text(part("no-path"), (state.connection?.status === "UP") ? "Nothing was verified: this policy accepts any certificate." : "Nobody has proven that they are the database.");
  showTrust(state.trust ?? {});
}

function card(certificate) {
  return element("li", { "data-role": certificate.role },
    element("p", { class: "role" }),
    element("p", { class: "name" }),
    element("p", { class: "aside names" }),
    element("p", { class: "aside issuer" }),
    element("p", { class: "aside since" }),
    element("p", { class: "days" }, element("b"), element("span", { class: "aside" })),
    element("div", { class: "life", "aria-hidden": "true" }, element("span")));
}

function fill(node, certificate) {
  const [role, name, names, issuer, since, days, life] = node.children;
  text(role, ROLES[certificate.role] ?? certificate.role);
  breakable(name, commonName(certificate.subject), /(?<=\.)/);
  attribute(name, "title", certificate.subject);
  breakable(names, (certificate.names ?? []).join(", "), /(?<=\.)(?=[a-z])/i);
  show(names, Boolean(certificate.names?.length));
  const self = certificate.subject === certificate.issuer;
  text(issuer, self ? "signed by itself" : `issued by ${commonName(certificate.issuer)}`);
  show(issuer, Boolean(certificate.issuer));
  // Tells a renewed certificate from the one before.
  const renewable = certificate.role === "server" && Boolean(certificate.notBefore);
  show(since, renewable);
  text(since, renewable ? `valid since ${time(certificate.notBefore)}` : "");
  const left = certificate.daysLeft;
  const known = left !== undefined && left !== null;
  const until = Date.parse(certificate.notAfter);
  const expired = known && (left < 0 || until < Date.now());
  show(days, known);
  show(life, known);
  if (known) {
    text(days.children[0], expired ? "Expired" : plural(left, "day"));
    text(days.children[1], expired ? `since ${day(until)}` : `left, until ${day(until)}`);
    const whole = Math.max(1, (until - Date.parse(certificate.notBefore)) / DAY);
    life.firstChild.style.width = `${expired ? 100 : Math.min(100, Math.max(2, 100 * left / whole))}%`;
  }
  attribute(node, "data-tone", expired ? "bad" : known && left < SOON ? "warn" : "good");
}

function showTrust(trust) {
  put("trust.source", trust.source);
  put("trust.certificates", trust.certificates, trust.certificates !== undefined && plural(trust.certificates, "authority", "authorities"));
  put("trust.generation", trust.generation);
  putTime("trust.loadedAt", trust.loadedAt, time);
  put("trust.lastError", trust.lastError);
  putTime("trust.lastErrorAt", trust.lastErrorAt, (value) => `Since ${time(value)}.`);
  // The one in use first; of many, only the first are told.
  const all = (trust.authorities ?? []).toSorted((one, other) => Number(other.inUse) - Number(one.inUse));
  show(part("authorities"), all.length > 0);
  const some = (trust.certificates > all.length) ? `${count(all.length)} of ` : "";
  text(part("authorities").querySelector("summary"), `${some}${plural(trust.certificates ?? all.length, "trusted authority", "trusted authorities")}`);
  keyed(authorities, all, (authority) => `${authority.subject} ${authority.notAfter}`, () => element("li", {}, element("span"), element("span", { class: "aside" })), (node, authority) => {
    text(node.children[0], `${commonName(authority.subject)} `);
    attribute(node.children[0], "title", authority.subject);
    text(node.children[1], `${authority.inUse ? "in use, " : ""}until ${day(authority.notAfter)}`);
    attribute(node, "data-in-use", authority.inUse);
  });
}
