import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';

const FRONT_MATTER = ['yaml' as const, 'toml' as const];

/** Built once: every sentence that comes back is parsed to see whether its markup did. */
const WHOLE = {
  extensions: [gfm(), frontmatter(FRONT_MATTER)],
  mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(FRONT_MATTER)],
};
const PART = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

/** A document of GitHub's Markdown with front matter; every node has its offsets. */
export function parseMarkdown(source: string): Root {
  return fromMarkdown(source, WHOLE);
}

/** A part of a document. */
export function parsePart(source: string): Root {
  return fromMarkdown(source, PART);
}

export function offsetsOf(node: Nodes): { readonly start: number; readonly end: number } {
  return {
    start: node.position?.start.offset ?? 0,
    end: node.position?.end.offset ?? 0,
  };
}

export function childrenOf(node: Nodes): readonly Nodes[] {
  return 'children' in node ? node.children : [];
}
