import { escapeXml } from '../../attention/svg';
import type { Manifest } from './manifest';

/** Adds the manifest as the first child of the root element. */
export function withSvgMetadata(svg: string, manifest: Manifest): string {
  const end = svg.indexOf('>', svg.indexOf('<svg'));
  const text = escapeXml(JSON.stringify(manifest));
  return `${svg.slice(0, end + 1)}<metadata>${text}</metadata>${svg.slice(end + 1)}`;
}
