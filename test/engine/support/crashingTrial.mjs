// A trial whose driver crashes as soon as it is asked.
process.once('message', () => {
  process.stderr.write('\u001b[1;31mdriver fault at 0xdead\u001b[m\n', () => process.abort());
});
