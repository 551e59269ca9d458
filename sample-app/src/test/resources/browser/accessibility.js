// Runs axe-core, which is there, in the page: a list of violations.
const done = arguments[arguments.length - 1];
axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"]
}).then((results) => done(results.violations.map((violation) => `${violation.id} (${violation.help}): `
  + violation.nodes.map((node) => `${node.html.slice(0, 150)} ${node.failureSummary.replace(/\s+/g, " ")}`).join("; "))),
(error) => done([`axe-core failed: ${error}`]));
