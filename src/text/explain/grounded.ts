/**
 * Verbs that an explanation may not make up: a reader who believes them acts on them. Each with what in a command or in
 * code can be meant by it.
 */
const GROUNDS: readonly (readonly [verb: RegExp, ground: RegExp])[] = [
  [
    /\b(?:remov|delet|eras|clear|discard|purg|drop|uninstall)\w*/i,
    /\brm\b|rmdir|unlink|remov|delet|\bdel\b|eras|clear|clean|prune|purge|drop|discard|uninstall|truncate|shred|reset|pop/i,
  ],
  [/\b(?:kill|terminat|stop|abort)\w*/i, /kill|stop|down|terminat|abort|halt|quit|exit|cancel/i],
  [/\b(?:overwrit|replac)\w*/i, /overwrit|replac|\bsed\b|>|force|-f\b|\bmv\b|\bcp\b|subst|=/i],
  [/\b(?:install|upgrad|updat)\w*/i, /install|upgrad|updat|\badd\b|-S|get|sync|touch|setup/i],
  [/\b(?:encrypt|decrypt)\w*/i, /crypt|gpg|openssl|age|cipher/i],
  [
    /\b(?:upload|download|send|post|push)\w*/i,
    /load|send|post|push|put|curl|wget|fetch|scp|rsync|clone|pull|get/i,
  ],
];

/** Whether every such verb of the explanation has a ground in what is explained. */
export function isGrounded(explanation: string, code: string): boolean {
  return GROUNDS.every(([verb, ground]) => !verb.test(explanation) || ground.test(code));
}
