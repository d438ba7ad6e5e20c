-- wrk: POST /v1/events with a condition. Environment:
--   EVENTS_PER_REQ    events of a request (1)
--   CONFLICT_PERCENT  share of requests whose condition does not hold (0); the ledger then needs
--                     an event tagged customer:taken, see http_load.py
--   AFTER             the ledger's head: conditions look at the newest positions only, as of one
--                     who has just read; unset: at the whole log, as of one who knows nothing
-- About 250 bytes an event, half of them random, three tags. The customer of the first event was
-- never seen before: that is what the condition asks.
local events = tonumber(os.getenv("EVENTS_PER_REQ") or "1")
local conflict_percent = tonumber(os.getenv("CONFLICT_PERCENT") or "0")
local head = tonumber(os.getenv("AFTER") or "-1")
local slack = 1000 * events  -- requests that may be under way, and more
math.randomseed(os.time())

local function hex(digits)
  local text = {}
  for i = 1, digits do text[i] = string.format("%x", math.random(0, 15)) end
  return table.concat(text)
end

local function rest_of_event()
  return string.format(
    '","product:%d","region:%d"],"data":{"orderId":"%s","amount":%d,"currency":"EUR",' ..
    '"quantity":%d,"ref":"%s","n":"standard delivery requested by"}}',
    math.random(1000), math.random(10), hex(32), math.random(99999), math.random(99), hex(16))
end

local begin_event = '{"type":"OrderPlaced","tags":["customer:'
local function more_events()
  local text = {}
  for _ = 2, events do
    text[#text + 1] = "," .. begin_event .. math.random(100000) .. rest_of_event()
  end
  return table.concat(text)
end

-- What does not change from request to request is made before, for the generator shares the cores.
local pool = {}
local header
function init()
  for i = 1, 2000 / events + 16 do
    pool[i] = rest_of_event() .. more_events() ..
              '],"condition":{"query":{"items":[{"tags":["customer:'
  end
  header = "POST /v1/events HTTP/1.1\r\nHost: " .. wrk.headers["Host"] ..
           "\r\nContent-Type: application/json\r\nContent-Length: "
end

local first_number = (os.time() % 100000) * 10000000
local sent = 0
function request()
  sent = sent + 1
  local customer = tostring(1000000000000 + first_number + sent)
  if conflict_percent > 0 and math.random(100) <= conflict_percent then customer = "taken" end
  local after = 0
  if head >= 0 then after = math.max(0, head + sent * events - slack) end
  local body = '{"events":[' .. begin_event .. customer .. pool[sent % #pool + 1] .. customer ..
               '"]}]},"after":' .. after .. "}}"
  return header .. #body .. "\r\n\r\n" .. body
end
