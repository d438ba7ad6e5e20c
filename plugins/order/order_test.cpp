#include <opsledger/testing.hpp>

#include "commands.hpp"
#include "tables.hpp"

namespace order {
namespace {

using ops::Decimal;
using ops::spec;

LineRecorded line(std::string invoice, std::string sku, std::int64_t quantity, std::string price,
                  std::optional<std::string> customer = "17850") {
  LineRecorded e{invoice,          sku,   "LAMP", quantity, Decimal::parse(price), customer,
                 "United Kingdom", "GBP", false};
  e.cancelled = invoice[0] == 'C';
  return e;
}
Receive order_of(std::string invoice, std::string number) {
  return {invoice, "web", number, "7", "France", "EUR", {{"A", 2, Decimal::parse("1.50")}}};
}
Received received(const Receive& c) {
  return {c.invoice, c.channel, c.channel_no, c.customer, c.country, c.currency, c.lines};
}

TEST(Orders, LinesOfOneInvoiceMakeOneRowWithAnExactSum) {
  auto table = spec().given(line("1", "A", 6, "2.55"), line("1", "B", 2, "3.390")).table("orders");
  EXPECT_EQ(table.count(), 1u);
  const auto row = table.row<Orders::Row>("1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->lines, 2);
  EXPECT_EQ(row->units, 8);
  EXPECT_EQ(row->sum.str(), "22.080");
  EXPECT_EQ(row->customer, "17850");
  EXPECT_FALSE(row->cancelled);
}

TEST(Orders, CancelledInvoiceIsMarked) {
  const auto row = spec().given(line("C1", "A", -1, "2.55")).table("orders").row<Orders::Row>("C1");
  ASSERT_TRUE(row);
  EXPECT_TRUE(row->cancelled);
  EXPECT_EQ(row->sum.str(), "-2.55");
}

TEST(Customers, OrdersAreCountedOnceWhenTheirLinesInterleave) {
  auto table = spec()
                   .given(line("1", "A", 1, "1"), line("2", "A", 1, "1"), line("1", "B", 1, "1"),
                          line("C3", "A", -1, "1"), line("2", "B", 1, "1"))
                   .table("customers");
  const auto row = table.row<Customers::Row>("17850");
  ASSERT_TRUE(row);
  EXPECT_EQ(table.count(), 1u);
  EXPECT_EQ(row->orders, 3);
  EXPECT_EQ(row->cancelled_orders, 1);
  EXPECT_EQ(row->totals.lines, 5);
  EXPECT_EQ(row->totals.revenue, Decimal(3));
}

TEST(Customers, LineWithoutCustomerIsCountedForNobody) {
  EXPECT_EQ(spec().given(line("1", "A", 1, "1", std::nullopt)).table("customers").count(), 0u);
}

TEST(Countries, CountsDistinctOrdersAndCustomers) {
  const auto row = spec()
                       .given(line("1", "A", 1, "1", "x"), line("2", "A", 1, "1", "y"),
                              line("1", "B", 1, "1", "x"), line("3", "A", 1, "1", "x"))
                       .table("countries")
                       .row<Countries::Row>("United Kingdom");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->orders, 3);
  EXPECT_EQ(row->customers, 2);
  EXPECT_EQ(row->totals.lines, 4);
}

TEST(Skus, KeepsPriceRangeAndReturns) {
  const auto row =
      spec()
          .given(line("1", "A", 5, "2.55"), line("C2", "A", -2, "2.10"), line("3", "A", 1, "4.95"))
          .table("skus")
          .row<Skus::Row>("A");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->totals.units, 4);
  EXPECT_EQ(row->returned_units, 2);
  EXPECT_EQ(row->price_min.str(), "2.10");
  EXPECT_EQ(row->price_max.str(), "4.95");
}

TEST(Receive, WritesTheOrderAndEveryTableCountsIt) {
  const auto c = order_of("I-1", "77");
  auto s = spec();
  s.when(c).then(received(c));
  EXPECT_EQ(s.table("orders").row<Orders::Row>("I-1")->sum.str(), "3.00");
  EXPECT_EQ(s.table("customers").row<Customers::Row>("7")->orders, 1);
  EXPECT_EQ(s.table("skus").row<Skus::Row>("A")->totals.units, 2);
}

TEST(Receive, SameInvoiceOrChannelNumberIsRefused) {
  const auto first = received(order_of("I-1", "77"));
  spec().given(first).when(order_of("I-1", "78")).then_rejected("order.exists").then_nothing();
  spec().given(first).when(order_of("I-2", "77")).then_rejected("order.duplicate");
  spec().given(line("I-3", "A", 1, "1")).when(order_of("I-3", "79")).then_rejected("order.exists");
}

TEST(Receive, OrderWithoutLinesOrWithAnIdThatMakesNoTagIsRefused) {
  auto empty = order_of("I-1", "77");
  empty.lines.clear();
  spec().when(empty).then_rejected("order.empty");
  spec().when(order_of("", "77")).then_rejected("command.invalid");
  spec().when(order_of("a,b", "77")).then_rejected("command.invalid");
}

TEST(Hold, HoldsOnceAndReleases) {
  auto s = spec();
  s.given(line("1", "A", 1, "1")).because("price looks wrong");
  s.when(Hold{"1", HoldKind::price_error})
      .then(Held{"1", HoldKind::price_error, "price looks wrong"});
  EXPECT_EQ(s.table("orders").row<Orders::Row>("1")->status, Status::held);
  s.when(Hold{"1", HoldKind::fraud}).then_rejected("order.already_held");
  s.when(Release{"1"}).then(Released{"1"});
  EXPECT_EQ(s.table("orders").row<Orders::Row>("1")->hold, std::nullopt);
  s.when(Release{"1"}).then_rejected("order.not_held");
}

TEST(Hold, UnknownOrCancelledOrderIsRefused) {
  spec().when(Hold{"9", HoldKind::stock}).then_rejected("entity.not_found");
  spec()
      .given(line("C9", "A", -1, "1"))
      .when(Hold{"C9", HoldKind::stock})
      .then_rejected("order.cancelled");
}

}  // namespace
}  // namespace order
