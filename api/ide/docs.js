// The documentation, made from what the schema says of itself.

const REFERENCE = "type { ".repeat(6).replaceAll("type", "ofType").replace("ofType", "type") // type { ofType { … } }
  .replaceAll("{", "{ kind name") + " }".repeat(6);
const VALUE = `name description defaultValue ${REFERENCE}`;
const INTROSPECTION = `{ __schema { queryType { name } types { kind name description
  fields { name description args { ${VALUE} } ${REFERENCE} }
  inputFields { ${VALUE} } enumValues { name description } possibleTypes { name } } } }`;

class Docs {
  constructor(pane, ask) {
    this.pane = pane;
    this.ask = ask;
    this.trail = [];
    pane.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-type]");
      if (link) this.show(link.dataset.type);
    });
  }

  async open() {
    if (this.types) return;
    this.pane.textContent = "Reading the schema …";
    try {
      const { data, errors } = await this.ask(INTROSPECTION);
      if (!data) throw new Error(errors[0].message);
      this.types = new Map(data.__schema.types.map((type) => [type.name, type]));
      this.show(data.__schema.queryType.name);
    } catch (error) {
      this.pane.textContent = `The schema could not be read: ${error.message}`;
    }
  }

  show(name) {
    const known = this.trail.indexOf(name);
    this.trail = known < 0 ? [...this.trail, name] : this.trail.slice(0, known + 1);
    const type = this.types.get(name);
    const back = this.trail.slice(0, -1).map((step) => this.link(step)).join(" › ");
    const members = type.fields ?? type.inputFields ?? type.enumValues ?? [];
    const possible = (type.kind === "INTERFACE" ? type.possibleTypes : []).map(({ name }) => this.link(name)).join(", ");
    this.pane.innerHTML = `<p class="trail">${back}</p><h2>${escapeHtml(name)}</h2><p>${this.prose(type)}</p>`
      + (possible && `<p>One of ${possible}</p>`)
      + `<dl>${members.map((member) => this.member(member)).join("")}</dl>`;
    this.pane.scrollTop = 0;
  }

  member(member) {
    const args = (member.args ?? []).map((arg) =>
      `<dd><code>${arg.name}: ${this.reference(arg.type)}${arg.defaultValue ? ` = ${escapeHtml(arg.defaultValue)}` : ""}</code> ${this.prose(arg)}</dd>`);
    const type = member.type ? `: ${this.reference(member.type)}` : "";
    return `<dt><code>${member.name}${type}</code></dt><dd>${this.prose(member)}</dd>${args.join("")}`;
  }

  prose({ description }) {
    return escapeHtml(description ?? "").replace(/`([^`]+)`/g, "<code>$1</code>");
  }

  reference(type) {
    if (type.kind === "NON_NULL") return this.reference(type.ofType) + "!";
    if (type.kind === "LIST") return `[${this.reference(type.ofType)}]`;
    return this.link(type.name);
  }

  link(name) {
    return `<a tabindex="0" data-type="${name}">${name}</a>`;
  }
}
