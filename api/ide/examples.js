const EXAMPLES = [
  ["The newest plans", `# The newest plans, each with its region and its size.
{
  plans(
    first: 10
    orderBy: [{ field: PUBLISHED_ON, direction: DESC }]
  ) {
    totalCount
    nodes {
      title
      publishedOn
      region { name }
      indicators { totalCount }
    }
  }
}`],
  ["One region's targets", `# Everything that one region measures, with the sentence it says it in.
query Targets($region: String!) {
  indicators(filter: { regions: [$region], roles: [TARGET] }, first: 20) {
    totalCount
    nodes { name valueText year sentence plan { title } }
  }
}`, `{ "region": "湖州市" }`],
  ["Who aims at which life expectancy", `# One concept over all regions, highest first.
{
  indicators(
    filter: { nameContains: "预期寿命" }
    orderBy: [{ field: VALUE, direction: DESC }]
  ) {
    nodes { region { name } name valueText comparator year role }
  }
}`],
  ["A province and all below it", `# Targets of a province and of every city and county in it.
{
  region(name: "浙江") {
    name
    indicators(within: true, first: 20, orderBy: [{ field: REGION }, { field: POSITION }]) {
      totalCount
      nodes { region { name } name valueText unit }
    }
  }
}`],
  ["The outline of a plan", `# Chapters and tasks of the longest kind of plan.
{
  plans(filter: { kinds: [FIVE_YEAR_PLAN] }, first: 1) {
    nodes {
      title
      period { startYear endYear }
      outline { number heading children { kind number heading } }
    }
  }
}`],
  ["Tasks and who answers for them", `# 责任单位 of each task.
{
  plans(filter: { within: "常州市" }, first: 2) {
    nodes {
      title
      sections(kind: TASK, first: 20) {
        nodes { number heading responsible }
      }
    }
  }
}`],
  ["What regions have in common", `# Concepts with figures in two regions or more.
{
  concepts(minRegions: 2) {
    nodes { slug nameZh nameEn unit better regionCount }
  }
}`],
  ["How a term is defined", `# Explanations of terms, with their formulas.
{
  plans(filter: { kinds: [FIVE_YEAR_PLAN] }, first: 1) {
    nodes { title glossary { term definition formula } }
  }
}`],
  ["Where a figure comes from", `# From a figure back to the bytes it was read from.
{
  indicators(first: 3) {
    nodes {
      name
      valueText
      sentence
      section { path }
      provenance { url fetchedAt sha256 extractorVersion }
    }
  }
}`],
  ["Reprints", `# Plans found on another site than their issuer's.
{
  plans(filter: { reprints: true }) {
    totalCount
    nodes { title region { name } reprintedFrom url }
  }
}`],
  ["How the sources do", `# Each source, its health and its last run.
{
  sources {
    nodes {
      slug
      name
      health
      problem
      lastRun { status finishedAt fetched unchanged stored failed failures { nodes { url reason } } }
    }
  }
}`],
  ["Read a text of your own", `# What the extractor makes of a text. Nothing is stored.
query Read($text: String!) {
  extract(input: { text: $text, region: "湖州市", year: 2025 }) {
    plans {
      title
      sections { kind number heading }
      indicators { name value unit comparator measure sentence }
    }
  }
}`, `{ "text": "湖州市2025年卫生健康工作要点\\n一、主要目标\\n到2027年底，居民健康素养水平超过46%，新增护理床位300张。" }`],
];
