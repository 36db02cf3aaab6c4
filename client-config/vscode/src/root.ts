// Is this text a policy document? Decided by its root element, since real policy files have all sorts of names.

const ROOTS = new Set([
  'policies',
  'fragment',
  'http-data-source',
  'sql-data-source',
  'cosmosdb-data-source',
  'graphql-data-source',
]);

const SPACE = /\s*/y;
const START_TAG = /<([A-Za-z_][\w.:-]*)(?=[\s/>])([^<>]*)/y;

/** The name of the root element when the text is a policy document, else undefined. */
export function policyRoot(text: string): string | undefined {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    if (close === undefined) break;
    const end = text.indexOf(close, at + 2);
    // Extension manifests of the Eclipse platform have the root element "fragment" too.
    if (end < 0 || text.startsWith('<?eclipse', at)) return undefined;
    at = end + close.length;
  }
  START_TAG.lastIndex = at;
  const [, name, attributes] = START_TAG.exec(text) ?? [];
  if (name === undefined || attributes === undefined || !ROOTS.has(name)) return undefined;
  // A fragment of a policy has no namespaces; the one of an Android layout declares its own.
  if (name === 'fragment' && /\sxmlns[:=]/.test(attributes)) return undefined;
  return name;
}
