/**
 * What Redis does for the log: two scripts, each one atomic step. All keys of a log share a hash tag, so they live in one slot.
 *
 * KEYS[1] the entries: a stream, whose ids are `position-0`. KEYS[2] the head: a hash with `position`, `time`, `schema`, and the newest
 * snapshot's `snapshot` (its key's suffix) and `snapshotPosition`.
 */

/** The store's time in ms, never less than the newest entry's. */
const now = `
local clock = redis.call('TIME')
local head = redis.call('HMGET', KEYS[2], 'position', 'time')
local position = tonumber(head[1] or 0)
local time = math.max(tonumber(head[2] or 0), clock[1] * 1000 + math.floor(clock[2] / 1000))
`;

/**
 * ARGV: position after which the caller misses entries, page, body, channel for the hint. Gives position, time and those entries. The
 * hint is for others: where only one hears it, that is who appends.
 */
export const appendScript = `${now}
local missed = {}
if tonumber(ARGV[1]) < position then
  missed = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])
end
position = position + 1
local place, stamp = string.format('%d', position), string.format('%d', time)
redis.call('XADD', KEYS[1], place .. '-0', 't', stamp, 'b', ARGV[3])
redis.call('HSET', KEYS[2], 'position', place, 'time', stamp)
if redis.call('PUBSUB', 'NUMSUB', ARGV[4])[2] > 1 then redis.call('PUBLISH', ARGV[4], place) end
return {position, time, missed}
`;

/** ARGV: position, page. Gives the head's position, time and the entries after the position; an error where some of them are gone. */
export const pullScript = `${now}
local after = tonumber(ARGV[1])
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local oldest = position
if first then oldest = tonumber(string.match(first[1], '^%d+')) - 1 end
if after < oldest or after > position then
  return redis.error_reply(string.format('OUTOFRANGE %d to %d', oldest, position))
end
local entries = {}
if after < position then
  entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])
end
return {position, time, entries}
`;

/**
 * Puts a whole snapshot in the place of the last. KEYS[3] the writer's lock. ARGV: its owner, the new one's name, its position, the
 * position up to which entries are forgotten. Gives the name of the replaced one, '' where there was none, or false where it is not to be.
 */
export const adoptScript = `
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return false end
local last = redis.call('HMGET', KEYS[2], 'snapshot', 'snapshotPosition')
if tonumber(last[2] or 0) >= tonumber(ARGV[3]) then return false end
redis.call('HSET', KEYS[2], 'snapshot', ARGV[2], 'snapshotPosition', ARGV[3])
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%d-0', tonumber(ARGV[4]) + 1))
return last[1] or ''
`;

/** KEYS[1] the lock. ARGV: its owner. A lock that ran out may be another's by now. */
export const unlockScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`;
