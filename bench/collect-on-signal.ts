// Loaded into the measured server beside its own code: a full garbage collection on SIGUSR2, so that memory figures don't show waiting garbage.
process.on('SIGUSR2', () => globalThis.gc?.());
