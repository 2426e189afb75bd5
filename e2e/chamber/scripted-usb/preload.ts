import { registerHooks } from 'node:module';

/** The native library, as the one over it asks for it. */
const LIBRARY = 'usb';
const scripted = new URL('./library.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === LIBRARY ? { url: scripted, shortCircuit: true } : next(specifier, context),
});
