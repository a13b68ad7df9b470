/**
 * onnxruntime 1.30's Linux library reports what sessions it makes to its vendor: it keeps a device id and a database of events in
 * ~/.cache and has an address to send them to. Nothing of a user's goes anywhere from here, so it is switched off, in the way
 * the library offers, before anything can load it.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
