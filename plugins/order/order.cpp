// The module `order`: what it declares, nothing else.
#include "commands.hpp"
#include "tables.hpp"

OPS_MODULE("order", "0.1.0") {
  using namespace order;
  using ops::tags;
  m.label("Orders", "订单流程").owns("order", "aftersale", "customer");
  m.events<LineRecorded, Received, Held, Released>();

  m.table<Orders>("orders")
      .label("Orders", "订单")
      .key("invoice")
      .index("status")
      .index("customer")
      .index("country");
  m.table<Customers>("customers").label("Customers", "客户").key("customer");
  m.table<Countries>("countries").label("Countries", "国家").key("country");
  m.table<Skus>("skus").label("SKUs", "商品").key("sku");

  const auto by_order = [](const auto& c) { return tags{{"order", c.invoice}}; };
  m.command<Receive>("Receive order", "接收订单")
      .reads<Order>(by_order)
      .reads<ChannelNumber>([](const Receive& c) {
        return tags{{"channel_order", c.channel + "/" + c.channel_no}};
      })
      .decide(Receive::decide);
  m.command<Hold>("Hold order", "挂起订单")
      .needs_reason()
      .granted_to({"ops_specialist", "ops_manager", "cs_agent"})
      .reads<Order>(by_order)
      .decide(Hold::decide);
  m.command<Release>("Release order", "放行订单")
      .needs_reason()
      .granted_to({"ops_specialist", "ops_manager", "cs_agent"})
      .reads<Order>(by_order)
      .decide(Release::decide);
}
