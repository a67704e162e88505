const EXAMPLES = [
  ["Who aims at which life expectancy", `# One concept over all regions, highest first.
{
  indicators(
    filter: {
      concepts: ["life-expectancy"]
      roles: [TARGET]
    }
    orderBy: [{ field: VALUE, direction: DESC }]
  ) {
    nodes {
      region { name }
      valueText
      comparator
      year
      sentence
    }
  }
}`],
  ["Who is ahead, and of whom", `# Each region's latest figure, ranked, and how it stands to its province.
# What cannot be compared is named with its reason.
{
  compare(concept: "居民健康素养水平") {
    rows {
      rank
      region { name }
      indicator { valueText year }
      gapToBest
      gapToParent
    }
    excluded { indicator { region { name } valueText } reason }
  }
}`],
  ["A province and all below it", `# Targets of a province and of every city and county in it.
query Below($region: String!) {
  indicators(
    filter: { within: $region, roles: [TARGET] }
    orderBy: [{ field: REGION }, { field: POSITION }]
    first: 20
  ) {
    totalCount
    nodes { region { name level } name valueText year }
  }
}`, `{ "region": "浙江省" }`],
  ["The newest plans", `# The newest plans, each with its region and its size.
{
  plans(first: 10, orderBy: [{ field: PUBLISHED_ON, direction: DESC }]) {
    totalCount
    nodes {
      title
      publishedOn
      region { name }
      indicators { totalCount }
    }
  }
}`],
  ["Search all texts", `# Words and phrases, best first; <mark> stands around each match.
query Search($words: String!) {
  search(query: $words, first: 10) {
    totalCount
    nodes {
      snippet
      item {
        ... on Plan { title region { name } }
        ... on Section { heading plan { title } }
        ... on Indicator { name valueText region { name } }
      }
    }
  }
}`, `{ "words": "急救 AED*" }`],
  ["Tasks and who answers for them", `# Which tasks one office (责任单位) has to do.
{
  region(name: "钟楼区") {
    plans {
      nodes {
        title
        sections(kind: TASK, responsible: "基层卫生与信息科") {
          nodes { number heading responsible }
        }
      }
    }
  }
}`],
  ["Initiatives by name", `# Named programmes, and who speaks of them in which words.
# minRegions: 2 leaves those that several regions share.
{
  programmes(first: 10) {
    nodes {
      name
      regions { name }
      mentions(first: 2) { nodes { sentence plan { title } } }
    }
  }
}`],
  ["Count and average", `# Figures grouped by the database: how many, and how they spread.
{
  indicatorStats(
    filter: { roles: [TARGET], units: ["%"] }
    groupBy: [CONCEPT]
  ) {
    concept { nameZh nameEn }
    count
    min
    avg
    max
  }
}`],
  ["Where a figure comes from", `# From a figure back to its sentence and the bytes it was read from.
{
  indicators(filter: { concepts: ["prehospital-response-time"] }, first: 3) {
    nodes {
      region { name }
      name
      valueText
      sentence
      section { path }
      provenance { url fetchedAt sha256 extractorVersion }
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
