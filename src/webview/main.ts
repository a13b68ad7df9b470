import { parseHostMessage } from '../protocol/panelGuards';
import { Panel } from './panel';
import './vscodeApi';

const api = acquireVsCodeApi();
let panel: Panel | undefined;

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseHostMessage(event.data, panel?.shownRun);
  if (message?.type === 'strings') {
    document.documentElement.lang = message.locale;
    panel = new Panel(api, message.strings, message.locale);
    document.body.replaceChildren(panel.root);
  } else if (message) panel?.receive(message);
});

api.postMessage({ type: 'ready' });
