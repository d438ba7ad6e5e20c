-- wrk: POST /v1/commands/order.hold and order.release by turns on ORDERS orders (1000), which exist:
-- each command reads the events of its order, folds them, decides and appends one event.
local orders = tonumber(os.getenv("ORDERS") or "1000")

local pool = {}
function init()
  for turn, command in ipairs({"order.hold", "order.release"}) do
    for i = 1, orders do
      local body = '{"invoice":"bench-' .. i .. '"' .. (turn == 1 and ',"kind":"fraud"}' or "}")
      pool[#pool + 1] = wrk.format("POST", "/v1/commands/" .. command,
        {["Content-Type"] = "application/json", ["X-Reason"] = "measured"}, body)
    end
  end
end

local sent = 0
function request()
  sent = sent + 1
  return pool[(sent - 1) % #pool + 1]
end
