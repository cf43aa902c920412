import { createHash } from "node:crypto";

import { attemptsKeptMs } from "../attempts-kept.ts";

/** A script that runs on the server as one step. */
export interface Script {
  readonly source: string;
  /** SHA-1 of the source: the name that the server knows it by once it has seen it. */
  readonly sha: string;
}

// A key holds one text: `R|attempt|fingerprint|token` while its event runs, `S|fingerprint` once it is settled, `F|attempt`
// when it was given back. The only clock is its time to live. A running one outlives its lease by the time that attempts
// are kept, so that those of processes that died are counted.
const readRunning = `
local attempt, fingerprint, token = string.match(value, '^R|(%d+)|(-?%d+)|(.+)$')
`;

/** What a first claim writes. */
export function toRunning(token: string, fingerprint: number): string {
  return `R|1|${fingerprint}|${token}`;
}

/** How long a key with a lease lives, in milliseconds. */
export function toLife(leaseMs: number): string {
  return String(leaseMs + attemptsKeptMs);
}

/**
 * `ARGV`: what a first claim writes, how long it lives. Answers the attempt that is granted, or what the key
 * holds. A client that lost the answer sends the same claim again by itself, and is given the same answer.
 */
export const claimScript = toScript(`
if redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 1 end
local value = redis.call('GET', KEYS[1])
local settled = string.match(value, '^S|(-?%d+)$')
if settled then return { 'duplicate', settled } end
${readRunning}
local restMs = redis.call('PTTL', KEYS[1]) - ${attemptsKeptMs}
if token and restMs > 0 then
  if ARGV[1]:sub(-#token - 1) == '|' .. token then return tonumber(attempt) end
  return { 'busy', fingerprint, restMs }
end
attempt = attempt or string.match(value, '^F|(%d+)$')
if not attempt then return redis.error_reply('HOOKLATCH the value of this key is not of Hooklatch') end
attempt = attempt + 1
redis.call('SET', KEYS[1], 'R|' .. attempt .. ARGV[1]:sub(4), 'PX', ARGV[2])
return attempt
`);

const assertHeld = `
local value = redis.call('GET', KEYS[1])
if not value then return 0 end
${readRunning}
if token ~= ARGV[1] or redis.call('PTTL', KEYS[1]) <= ${attemptsKeptMs} then return 0 end
`;

/** `ARGV`: token, how long the key lives. */
export const renewScript = toScript(`${assertHeld}
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`);

/** `ARGV`: token, keepMs. */
export const settleScript = toScript(`${assertHeld}
redis.call('SET', KEYS[1], 'S|' .. fingerprint, 'PX', ARGV[2])
return 1
`);

/** `ARGV`: token. */
export const releaseScript = toScript(`${assertHeld}
redis.call('SET', KEYS[1], 'F|' .. attempt, 'PX', ${attemptsKeptMs})
return 1
`);

/**
 * Answers how the server makes room, where it would throw keys away before their time; else nothing, also where it may not
 * say. The key only leads to a server of a cluster.
 */
export const evictionScript = toScript(`
local memory = redis.pcall('INFO', 'memory')
if type(memory) ~= 'string' or string.match(memory, 'maxmemory:(%d+)') == '0' then return '' end
local policy = string.match(memory, 'maxmemory_policy:([%w-]+)')
return policy ~= 'noeviction' and policy or ''
`);

function toScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}
