// The page: an editor, a runner and its answer.

const $ = (id) => document.getElementById(id);
const [query, variables, status, result, run] = ["query", "variables", "status", "result", "run"].map($);

async function ask(text, values) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query: text, variables: values }),
  });
  return response.json();
}

function draw() {
  $("painted").innerHTML = paintQuery(query.value) + "\n";
  document.querySelector(".numbers").textContent = query.value.split("\n").map((_, line) => line + 1).join("\n");
  scroll();
}

function scroll() {
  $("painted").scrollTo(query.scrollLeft, query.scrollTop);
  document.querySelector(".numbers").scrollTop = query.scrollTop;
}

function say(text, wrong = false) {
  status.textContent = text;
  status.classList.toggle("wrong", wrong);
}

async function execute() {
  let values;
  try {
    values = variables.value.trim() ? JSON.parse(variables.value) : undefined;
  } catch (error) {
    say(`The variables are not JSON: ${error.message}`, true);
    return;
  }
  remember();
  run.disabled = true;
  say("Running …");
  const start = performance.now();
  try {
    const answer = await ask(query.value, values);
    const text = JSON.stringify(answer, null, 2);
    const time = `${Math.round(performance.now() - start)} ms, ${(new Blob([text]).size / 1024).toFixed(1)} KB`;
    result.innerHTML = paintJson(text);
    if (answer.errors) {
      const { message, locations, extensions } = answer.errors[0];
      const place = locations?.length ? ` (line ${locations[0].line})` : "";
      say(`${extensions?.code ?? "Error"}${place}: ${message}`, true);
    } else say(time);
  } catch (error) {
    say(`The server did not answer: ${error.message}`, true);
  }
  run.disabled = false;
}

/** The query goes into the address, so that it can be shared and comes back on reload. */
function remember() {
  const parameters = new URLSearchParams({ query: query.value });
  if (variables.value.trim()) parameters.set("variables", variables.value);
  history.replaceState(null, "", `${location.pathname}#${parameters}`);
}

function load(text, values = "") {
  query.value = text;
  variables.value = values;
  $("variables-box").open = values !== "";
  query.scrollTo(0, 0);
  draw();
}

function insert(text) {
  query.setRangeText(text, query.selectionStart, query.selectionEnd, "end");
  draw();
}

query.addEventListener("input", draw);
query.addEventListener("scroll", scroll);
query.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    insert("  ");
  } else if (event.key === "Escape") {
    run.focus(); // The way out for those who move by the Tab key.
  } else if (event.key === "Enter" && !event.shiftKey) {
    const line = query.value.slice(0, query.selectionStart).split("\n").pop();
    event.preventDefault();
    insert("\n" + line.match(/^\s*/)[0] + (/[{(\[]\s*$/.test(line) ? "  " : ""));
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    execute();
  }
});
run.addEventListener("click", execute);

const docs = new Docs($("docs"), ask);
$("docs-toggle").addEventListener("click", () => {
  const hidden = $("docs").toggleAttribute("hidden");
  document.querySelector("main").classList.toggle("with-docs", !hidden);
  $("docs-toggle").setAttribute("aria-pressed", String(!hidden));
  if (!hidden) docs.open();
});

const buttons = EXAMPLES.map(([title, text, values]) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: title });
  button.addEventListener("click", () => {
    buttons.forEach((other) => other.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    load(text, values);
    execute();
  });
  const entry = document.createElement("li");
  entry.append(button);
  $("examples").append(entry);
  return button;
});

// A link to a query opens the page with its answer, be it one of this page or one that programs ask by GET.
const [shared, asked] = [location.hash, location.search].map((part) => new URLSearchParams(part.slice(1)));
const linked = shared.has("query") ? shared : asked;
if (linked.has("query")) {
  load(linked.get("query"), linked.get("variables") ?? "");
  execute();
} else {
  buttons[0].click();
}
if (INTROSPECTION_IS === "off") $("docs-toggle").hidden = true;
