/**
 * onnxruntime 1.30's Linux library reports what sessions it makes to its vendor: it keeps a device id and a database of events in
 * ~/.cache and sends them by HTTPS. Nothing of a user's goes anywhere from here, so it is switched off, in the way
 * the library offers, before anything can load it. A process that was still trying to send could also not end.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
