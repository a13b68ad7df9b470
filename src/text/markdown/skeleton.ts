import type { Nodes } from 'mdast';
import { childrenOf, parsePart } from './parse';

/**
 * What a text has of Markdown, without its words: its blocks in their order, and in any order its code, addresses, HTML and
 * emphasis, since a translation may move them. Two texts with the same skeleton have the same markup.
 */
export function skeletonOf(text: string, definitions: ReadonlySet<string>): string {
  const referred = new Set(text.toLowerCase().match(/\[[^[\]]+\]/gu));
  const defined = [...referred].filter((mark) => definitions.has(mark));
  const root = parsePart([text, '', ...defined.map((mark) => `${mark}: x`)].join('\n'));
  const inline: string[] = [];
  const visit = (node: Nodes): void => {
    const mark = markOf(node);
    if (mark !== undefined) inline.push(mark);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  const blocks = root.children.map(({ type }) => type);
  return JSON.stringify([blocks, inline.sort()]);
}

function markOf(node: Nodes): string | undefined {
  switch (node.type) {
    case 'inlineCode':
    case 'code':
    case 'html':
      return `${node.type} ${node.value}`;
    case 'link':
    case 'image':
    case 'definition':
      return `${node.type} ${node.url} ${node.title ?? ''}`;
    case 'linkReference':
    case 'imageReference':
    case 'footnoteReference':
      return `${node.type} ${node.identifier}`;
    case 'text':
    case 'root':
    case 'paragraph':
      return undefined;
    default:
      return node.type;
  }
}
