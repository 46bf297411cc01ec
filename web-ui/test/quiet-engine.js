/**
 * An engine that sends nothing: the foundation below it is what the tests look at. `chats` tells what the account
 * holds, `tryConnectNow` does what an engine does at each connect.
 *
 * @type {import('../src/core/engine-contract.js').CreateEngine}
 */
export const createEngine = ({ account, db }) => {
  const nothing = () => undefined;
  const engine = {
    async start() {},
    async stop() {},
    async chats() {
      return {
        listVersion: account.listVersion,
        devices: account.deviceList.devices.map(({ deviceId }) => deviceId),
        vault: account.vault,
        formerDeviceIds: account.formerDeviceIds,
        prekeys: await db.count('prekeys', []),
        drafts: await db.list('drafts', []),
        sessions: await db.count('sessions', []),
      };
    },
    async tryConnectNow() {
      await account.upkeep();
    },
    saveDraft: (/** @type {{ chatId: string, text: string }} */ { chatId, text }) =>
      db.commit((tx) => {
        tx.put('drafts', [chatId], { text });
        tx.put('sessions', [chatId], { text });
      }),
    async startChat() {
      await account.updateVault((items) => {
        items.settings = { ...items.settings, touched: Date.now() };
      });
    },
    openChat: nothing,
    loadOlder: nothing,
    closeChat: nothing,
    sendText: nothing,
    markRead: nothing,
    trustIdentity: nothing,
    changeSettings: nothing,
    network: nothing,
    rtcAvailable: nothing,
    rtcDescription: nothing,
    rtcCandidates: nothing,
    rtcChannel: nothing,
    rtcState: nothing,
    rtcRoute: nothing,
  };
  return /** @type {import('../src/core/engine-contract.js').Engine} */ (/** @type {unknown} */ (engine));
};
