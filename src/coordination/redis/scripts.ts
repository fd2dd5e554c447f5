import { createHash } from "node:crypto";

/** A script that Redis runs as one step. */
export interface Script {
  readonly name: string;
  readonly lua: string;
  readonly sha: string;
}

function script(name: string, lua: string): Script {
  return { name, lua, sha: createHash("sha1").update(lua).digest("hex") };
}

// A value is the name of its holder, a line feed, and a note. A lease has no note.
const HOLDER = `
local function holder(value) return string.match(value, '^[^\\n]*') end
`;

/**
 * The key `epoch` says since when Redis remembers, in milliseconds of its own clock. If it is missing, Redis has lost its memory, and for
 * one lease time nothing is taken: until then each replica has written again what it holds.
 */
const EPOCH = `
local function settling(epoch, leaseMs, epochMs)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local since = tonumber(redis.call('GET', epoch) or '')
  if since and since <= now then return math.max(0, since + leaseMs - now) end
  redis.call('SET', epoch, string.format('%.0f', now), 'PX', epochMs)
  return tonumber(leaseMs)
end
`;

/** KEYS: epoch, leases. ARGV: lease time, epoch's time, values. Returns 1 for each lease taken, else 0. */
export const TAKE = script(
  "take",
  `${EPOCH}
local wait = settling(KEYS[1], ARGV[1], ARGV[2])
local taken = {}
for i = 2, #KEYS do
  local free = wait == 0 and redis.call('SET', KEYS[i], ARGV[i + 1], 'NX', 'PX', ARGV[1])
  taken[i - 1] = free and 1 or 0
end
return taken`,
);

/** KEYS: epoch, leases. ARGV: lease time, epoch's time. Returns 1 for each lease that cannot be taken, else 0. */
export const HELD = script(
  "held",
  `${EPOCH}
local wait = settling(KEYS[1], ARGV[1], ARGV[2])
local held = {}
for i = 2, #KEYS do held[i - 1] = (wait > 0 or redis.call('EXISTS', KEYS[i]) == 1) and 1 or 0 end
return held`,
);

/**
 * Writes what a replica holds, unless another holder has it. KEYS: epoch, leases and intents. ARGV: lease time, epoch's time, then a value and
 * a time to live for each. Returns the epoch, and 1 for each key that is held, else 0.
 */
export const RENEW = script(
  "renew",
  `${EPOCH}${HOLDER}
settling(KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local result = {redis.call('GET', KEYS[1])}
for i = 2, #KEYS do
  local value, life = ARGV[2 * i - 1], ARGV[2 * i]
  local current = redis.call('GET', KEYS[i])
  local own = not current or holder(current) == holder(value)
  if own then redis.call('SET', KEYS[i], value, 'PX', life) end
  result[i] = own and 1 or 0
end
return result`,
);

/**
 * KEYS: epoch, intents. ARGV: lease time, epoch's time, time to live, time to live of what is in doubt no longer, values. Returns how long nothing
 * may be declared yet, in milliseconds, or 0 and for each intent the value that was there before and its time to live; an empty value if it was
 * declared now.
 */
export const DECLARE = script(
  "declare",
  `${EPOCH}
local wait = settling(KEYS[1], ARGV[1], ARGV[2])
if wait > 0 then return {wait} end
local result = {0}
for i = 2, #KEYS do
  local current = redis.call('GET', KEYS[i])
  if current and redis.call('PTTL', KEYS[i]) <= tonumber(ARGV[4]) then current = false end
  if not current then redis.call('SET', KEYS[i], ARGV[i + 3], 'PX', ARGV[3]) end
  result[2 * i - 2] = current or ''
  result[2 * i - 1] = redis.call('PTTL', KEYS[i])
end
return result`,
);

/** KEYS: intents. Returns for each its value, empty if there is none, and its time to live. */
export const KNOWN = script(
  "known",
  `local result = {}
for i = 1, #KEYS do
  result[2 * i - 1] = redis.call('GET', KEYS[i]) or ''
  result[2 * i] = redis.call('PTTL', KEYS[i])
end
return result`,
);

/**
 * Writes values unless they are another holder's and in doubt. KEYS: intents. ARGV: time to live, time to live of what is in doubt no longer,
 * values.
 */
export const KEEP = script(
  "keep",
  `${HOLDER}
for i = 1, #KEYS do
  local current = redis.call('GET', KEYS[i])
  local own = not current or holder(current) == holder(ARGV[i + 2])
  if own or redis.call('PTTL', KEYS[i]) <= tonumber(ARGV[2]) then redis.call('SET', KEYS[i], ARGV[i + 2], 'PX', ARGV[1]) end
end
return 1`,
);

/** Deletes values if they are the holder's. KEYS: leases or intents. ARGV: holders. */
export const DROP = script(
  "drop",
  `${HOLDER}
for i = 1, #KEYS do
  local current = redis.call('GET', KEYS[i])
  if current and holder(current) == ARGV[i] then redis.call('DEL', KEYS[i]) end
end
return 1`,
);

/**
 * Takes tokens from a bucket. KEYS: bucket. ARGV: units, refill per second, size. Returns the seconds until there are enough, 0 if they were
 * taken, and what is left. Units above the size take a full bucket and leave a debt.
 */
export const SPEND = script(
  "spend",
  `local units, rate, size = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1] or '') or size
local at = tonumber(bucket[2] or '') or now
tokens = math.min(size, tokens + math.max(0, now - at) * rate)
local needed, wait = math.min(units, size), 0
if tokens < needed then wait = math.ceil((needed - tokens) / rate) else tokens = tokens - units end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((size - tokens) / rate * 1000) + 1000)
return {wait, string.format('%.6f', tokens)}`,
);

/**
 * Adds a text, and removes the oldest ones that no longer fit. KEYS: texts by hash, order of the hashes. ARGV: hash, text, maximum size of
 * all, time to live.
 */
export const ADD_TEXT = script(
  "add-text",
  `local time = redis.call('TIME')
redis.call('ZADD', KEYS[2], time[1] + time[2] / 1000000, ARGV[1])
local size
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then size = redis.call('HINCRBY', KEYS[1], 'size', #ARGV[2])
else size = tonumber(redis.call('HGET', KEYS[1], 'size')) end
while size > tonumber(ARGV[3]) do
  local oldest = redis.call('ZPOPMIN', KEYS[2])[1]
  if not oldest then break end
  size = redis.call('HINCRBY', KEYS[1], 'size', -redis.call('HSTRLEN', KEYS[1], oldest))
  redis.call('HDEL', KEYS[1], oldest)
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1`,
);

/** KEYS: texts by hash. ARGV: hash. Returns the text, empty if there is none. */
export const GET_TEXT = script("get-text", "return redis.call('HGET', KEYS[1], ARGV[1]) or ''");

/** KEYS: request. ARGV: replica, time to live. */
export const REQUEST = script("request", "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])");

/** KEYS: request. Returns the replica, empty if there is none. */
export const REQUESTED_BY = script("requested-by", "return redis.call('GET', KEYS[1]) or ''");

/** KEYS: log. Returns its entries. */
export const READ_LOG = script("read-log", "return redis.call('LRANGE', KEYS[1], 0, -1)");

/** KEYS: log, claim. ARGV: claim, time to live. Returns the entries. */
export const CLAIM_LOG = script(
  "claim-log",
  `redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('LRANGE', KEYS[1], 0, -1)`,
);

const CLAIMED = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return -1 end
`;

/** KEYS: log, claim. ARGV: claim, time to live, entry. Returns the number of entries, -1 if the claim is not the latest. */
export const APPEND_LOG = script(
  "append-log",
  `${CLAIMED}
local length = redis.call('RPUSH', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return length`,
);

/** KEYS: log, claim. ARGV: claim, time to live, entry. Returns 1, or -1 if the claim is not the latest. */
export const REPLACE_LOG = script(
  "replace-log",
  `${CLAIMED}
redis.call('DEL', KEYS[1])
redis.call('RPUSH', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`,
);
