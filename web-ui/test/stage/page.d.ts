/** What page.js puts into the window, for the callbacks of `page.evaluate`. */
declare global {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the worker under test answers
  var call: (method: string, params?: any) => Promise<any>;
  var startWorker: (name: string) => void;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  var nextNotice: (name: string, test: (data: any) => boolean) => Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  var notices: { notice: string; data: any }[];
}

export {};
