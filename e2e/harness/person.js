import assert from 'node:assert/strict';
import { Profile } from './chromium.js';

/**
 * A test account at a browser of its own. Everything is done as a person does it: by the names of boxes and buttons.
 */
export class Person {
  /** @type {import('playwright-core').Page | undefined} */
  #page;

  /**
   * @param {string} username
   * @param {{ password?: string, profile?: string }} [options]
   */
  constructor(username, options = {}) {
    this.username = username;
    this.password = options.password ?? `correct horse battery ${username}`;
    this.profile = new Profile(options.profile ?? username);
  }

  get page() {
    assert.ok(this.#page, 'the browser is closed');
    return this.#page;
  }

  /**
   * Opens the browser on the product.
   *
   * @param {string} url
   * @param {{ prepare?: (context: import('playwright-core').BrowserContext) => Promise<void> } & import('./chromium.js').BrowserOptions} [options]
   */
  async open(url, options = {}) {
    const { prepare, ...browser } = options;
    const context = await this.profile.open(browser);
    await prepare?.(context);
    this.#page = context.pages()[0] ?? (await context.newPage());
    await this.#page.goto(url);
    return this;
  }

  /** Ends the browser at once, renderer first: nothing gets a last word. */
  async crash() {
    const page = this.page;
    const crashed = page.waitForEvent('crash');
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await crashed;
    await this.close();
  }

  async close() {
    this.#page = undefined;
    await this.profile.close();
  }

  async remove() {
    this.#page = undefined;
    await this.profile.remove();
  }

  async register() {
    await this.submit('Create account');
    await this.ready();
    return this;
  }

  async signIn() {
    await this.submit('Sign in');
    await this.ready();
    return this;
  }

  /** Fills in name and password and presses the button, whatever comes of it. @param {'Create account' | 'Sign in'} action */
  async submit(action) {
    const page = this.page;
    await this.#choose(action);
    await page.getByRole('textbox', { name: 'User name', exact: true }).fill(this.username);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(this.password);
    await page.locator('form').getByRole('button', { name: action, exact: true }).click();
  }

  /** The first screen offers one of both; a switch leads to the other. @param {string} action */
  async #choose(action) {
    const form = this.page.locator('form').getByRole('button', { name: action, exact: true });
    const other = this.page.getByRole('button', { name: action, exact: true });
    await other.first().waitFor();
    if (!(await form.isVisible())) await other.first().click();
    await form.waitFor();
  }

  /** @param {string} [password] */
  async unlock(password = this.password) {
    await this.page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Unlock', exact: true }).click();
    return this;
  }

  async ready() {
    await this.page.getByRole('button', { name: 'New chat', exact: true }).waitFor({ timeout: 30_000 });
  }

  /** @param {string} username */
  async startChat(username) {
    const page = this.page;
    await page.getByRole('button', { name: 'New chat', exact: true }).click();
    await page.getByRole('textbox', { name: 'User name', exact: true }).fill(username);
    await page.getByRole('button', { name: 'Start chat', exact: true }).click();
    return this.#inThreadWith(username);
  }

  /** @param {string} username */
  async openChat(username) {
    await this.chatRow(username).click();
    return this.#inThreadWith(username);
  }

  /** The thread that was open before has a box of the same name. @param {string} username */
  async #inThreadWith(username) {
    await this.page.getByRole('heading', { name: new RegExp(`^${username}`) }).waitFor();
    await this.composer.waitFor();
    return this;
  }

  /** @param {string} username */
  chatRow(username) {
    return this.page.getByRole('button').filter({ hasText: username }).first();
  }

  get thread() {
    return this.page.getByRole('log');
  }

  get bubbles() {
    return this.thread.getByRole('article');
  }

  get composer() {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  /** @param {string} text */
  async write(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    return this;
  }

  /** @param {string} text */
  bubble(text) {
    return this.bubbles.filter({ hasText: text });
  }

  /** @param {string} text @param {number} [timeout] */
  async sees(text, timeout = 20_000) {
    await this.bubble(text).first().waitFor({ timeout });
    return this;
  }

  /** @param {string} text @param {'Sending' | 'Sent' | 'Delivered' | 'Read'} state @param {number} [timeout] */
  async seesState(text, state, timeout = 20_000) {
    await this.bubble(text).getByLabel(state, { exact: true }).waitFor({ timeout });
    return this;
  }

  /** @param {'Direct' | 'Relayed' | 'Through server'} path @param {number} [timeout] */
  async seesPath(path, timeout = 20_000) {
    await this.page.getByRole('button', { name: new RegExp(`^${path}`) }).waitFor({ timeout });
    return this;
  }

  /** @returns {Promise<string[]>} texts of all bubbles, first to last */
  async texts() {
    return this.bubbles.locator('.message-text').allInnerTexts();
  }
}
