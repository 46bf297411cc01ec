/** Where the files lie in the source form. The release build writes this module anew with the hashed names. */
export const WORKER_URL = '/src/core/core.worker.js';
export const ICONS_URL = '/public/icons.svg';
