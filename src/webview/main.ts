import type { HostToPanel } from '../protocol/panel';
import { element } from './dom';
import { Panel } from './panel';
import './vscodeApi';

const api = acquireVsCodeApi();
const root = element('div', { id: 'panel' });
const notice = element('p', { class: 'notice', role: 'status' });
document.body.append(notice, root);
let panel: Panel | undefined;

window.addEventListener('message', (event: MessageEvent<HostToPanel>) => {
  const message = event.data;
  switch (message.type) {
    case 'strings':
      document.documentElement.lang = message.locale;
      notice.textContent = message.strings.waiting;
      panel = new Panel(api, message.strings, root);
      break;
    case 'run':
      notice.textContent = '';
      panel?.showRun(message.run);
      break;
    case 'answer':
      if (message.name === 'head') panel?.showHead(message.seq, message.result);
      break;
    case 'message':
      notice.textContent = message.text;
      break;
  }
});

api.postMessage({ type: 'ready' });
