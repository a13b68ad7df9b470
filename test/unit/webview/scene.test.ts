import { equal, ok } from 'node:assert/strict';
import { sceneSvg, type Scene } from '../../../src/webview/drawing/scene';

const scene = (text: string): Scene => ({
  width: 100.004,
  height: 50,
  background: '#000',
  font: 'A "quoted" font',
  shapes: [
    { shape: 'rect', x: 1, y: 2, width: 3, height: 4, fill: 'rgb(1, 2, 3)' },
    { shape: 'text', x: 5, y: 6, text, fill: '#fff', size: 12, align: 'end', turned: true },
    {
      shape: 'curve',
      from: { x: 0, y: 0 },
      to: { x: 10, y: 20 },
      stroke: 'red',
      width: 2,
      opacity: 0.5,
      dash: [7, 3],
    },
  ],
});

describe('drawings as SVG', () => {
  it('keep labels as text and links as dashed curves', () => {
    const svg = sceneSvg(scene('bank'));
    ok(svg.includes('<rect x="1" y="2" width="3" height="4" fill="rgb(1, 2, 3)"/>'), svg);
    ok(svg.includes('transform="rotate(-90 5 6)">bank</text>'), svg);
    ok(svg.includes('d="M0 0C0 10 10 10 10 20"'), svg);
    ok(svg.includes('stroke-dasharray="7 3"'), svg);
    ok(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"'), svg);
  });

  it('show a hostile token as the text that it is', () => {
    const svg = sceneSvg(scene('</text><script>alert("1")</script>\u0000\u0008&'));
    ok(svg.includes('&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;'), svg);
    equal(svg.includes('<script'), false);
    equal(svg.includes('\u0000'), false);
    ok(svg.includes('font-family="A &quot;quoted&quot; font"'), svg);
  });

  it('have no style attribute, which policies of pages forbid', () => {
    equal(/ style=/.test(sceneSvg(scene('x'))), false);
  });
});
