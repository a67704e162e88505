// Colours for GraphQL and JSON: a pattern of tokens, each alternative with its class.

const escapeHtml = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

function paint(text, pattern, classes) {
  let html = "", end = 0;
  for (const match of text.matchAll(pattern)) {
    const which = match.slice(1).findIndex((group) => group !== undefined);
    html += escapeHtml(text.slice(end, match.index)) + `<span class="t-${classes[which]}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(end));
}

const paintQuery = (text) => paint(
  text,
  /(#.*)|("""[^]*?"""|"(?:[^"\\\n]|\\.)*")|(-?\b\d+(?:\.\d+)?\b)|(\b(?:query|fragment|on|true|false|null)\b|\b[A-Z][A-Z_]+\b)|(\$\w+|\w+(?=\s*:))/g,
  ["note", "text", "number", "word", "name"],
);

const paintJson = (text) => paint(
  text,
  /("(?:[^"\\]|\\.)*"(?=\s*:))|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(\b(?:true|false|null)\b)/g,
  ["name", "text", "number", "word"],
);
