// What the server took a document for, said in words.

/** One document of the answer to `apim-policy/documentInfo`; the same object as in the output of `scopes`. */
export interface DocumentInfo {
  readonly file: string;
  readonly scope: string;
  readonly workspace: string | null;
  readonly product: string | null;
  readonly api: string | null;
  readonly operation: string | null;
  readonly fragment: string | null;
  readonly mcp: { readonly kind: string | null; readonly tools_from: readonly string[] } | null;
  readonly confidence: 'stated' | 'assumed' | 'none';
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Short, for the status bar: `MCP server orders-mcp`. */
export function label(info: DocumentInfo): string {
  const words = noun(info);
  return info.confidence === 'assumed' ? `${words} (assumed)` : words;
}

/** One sentence that says what the document is and how sure that is. */
export function sentence(info: DocumentInfo): string {
  const tools = info.mcp?.tools_from ?? [];
  const kind = info.mcp?.kind ? `, ${info.mcp.kind}` : '';
  const from = tools.length > 0 ? `, with tools from ${tools.join(', ')}` : '';
  if (info.confidence === 'none') return 'Nothing says where this policy applies.';
  return `Taken for: ${noun(info)}${kind}${from}. ${info.confidence === 'stated' ? 'Stated by' : 'Assumed from'}:`;
}

function noun({ scope, api, operation, product, workspace, fragment }: DocumentInfo): string {
  const named = (what: string, name: string | null) => (name ? `${what} ${name}` : what);
  switch (scope) {
    case 'mcp':
      return named('MCP server', api);
    case 'api':
      return named('API', api);
    case 'operation':
      return named('Operation', operation) + (api ? ` of ${api}` : '');
    case 'product':
      return named('Product', product);
    case 'workspace':
      return named('Workspace', workspace);
    case 'fragment':
      return named('Fragment', fragment);
    case 'global':
      return 'All APIs';
    case 'resolver':
      return 'GraphQL resolver';
    default:
      return 'Policy, scope unknown';
  }
}
