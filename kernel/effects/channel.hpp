// A channel of the module `notify` and what is said on it, as the kernel reads them.
#pragma once

#include <string>
#include <vector>

#include "kernel/effects/effect.hpp"
#include "kernel/effects/secrets.hpp"
#include "kernel/effects/transport.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

struct ChannelFacts {
  std::string id, kind, url, from, username, security;
};

/// How a person is reached; empty = not that way.
struct Contact {
  std::string email, mobile, dingtalk, feishu, wecom;
};

struct OutgoingMessage {
  std::string notification, person, subject, text, link;
  bool important = false;
  std::vector<Contact> mentions;
  std::string key;  ///< the same for every attempt
  Time now{};
};

/// The protocol of a kind of channel over HTTP: pure functions of the vendor's rules.
struct ChannelProtocol {
  HttpCall (*make)(const ChannelFacts&, const ChannelSecret&, const OutgoingMessage&);
  EffectOutcome (*judge)(const HttpAnswer&);
  bool needs_token;
};
/// webhook | dingtalk | feishu | wecom; null for others.
const ChannelProtocol* channel_protocol(std::string_view kind);

/// What a status says before the body is looked at; `done` for 2xx.
EffectOutcome judge_status(const HttpAnswer& answer);

// chat_bots.cpp
extern const ChannelProtocol kDingTalk, kFeishu, kWecom;
// webhook.cpp
extern const ChannelProtocol kWebhook;

}  // namespace opsledger
