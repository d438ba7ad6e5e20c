#include "standard_positions.hpp"

namespace org {
namespace {

struct DutyText {
  const char *zh, *en, *module;
};
struct Standard {
  const char *suffix, *role, *title_zh, *title_en, *reports_to;
  std::int32_t headcount;
  const char* summary;
  std::vector<DutyText> duties;
  std::vector<std::string> authority;
  const char* requirements;
};

std::vector<Standard> leading() {
  return {
      {"DIR",
       "director",
       "营运总监",
       "Operations director",
       "",
       1,
       "对部门的年度目标、预算和整体结果负责",
       {{"制定年度营运计划与目标", "Sets the yearly plan and goals", "plan"},
        {"统筹计划实施并检查结果", "Steers implementation and checks results", "plan"},
        {"审批重大促销与推广方案", "Approves major promotions and campaigns", "promotion"},
        {"审批预算与大额支出", "Approves the budget and large spending", "request"},
        {"规划流程与系统安全", "Plans processes and system security", "process"},
        {"负责人员配置、培训与考核", "Staffing, training and appraisal", "kpi"},
        {"主持一二级事件复盘并批准整改", "Approves reviews of severe incidents", "incident"}},
       {"审批部门内全部事项", "人事建议权", "预算使用权"},
       "八年以上电商营运经验"},
      {"MGR",
       "ops_manager",
       "营运经理",
       "Operations manager",
       "DIR",
       1,
       "把年度目标落实为月、周计划并管理日常营运",
       {{"分解年度目标为月计划和周计划", "Turns yearly goals into month and week plans", "plan"},
        {"每日管理店铺、价格与品牌呈现", "Manages shops, prices and brand daily", "listing"},
        {"下达任务并检查主管的工作", "Assigns tasks and checks the leads' work", "task"},
        {"审批商品上架与限额内促销", "Approves listings and promotions within limits", "listing"},
        {"主持晨会与例会", "Chairs morning and regular meetings", "meeting"},
        {"担任应急响应默认指挥", "Commands incident response by default", "incident"},
        {"对下属绩效评分", "Scores the performance of the staff", "kpi"}},
       {"任务分派权", "限额内审批权", "绩效评分权"},
       "五年以上店铺营运经验"},
      {"IT",
       "it_lead",
       "信息主管",
       "IT lead",
       "MGR",
       1,
       "保障站点、系统与数据安全可用",
       {{"维护站点与业务系统", "Runs the site and business systems", "maintenance"},
        {"管理账号与权限", "Manages accounts and permissions", "org"},
        {"执行备份并演练恢复", "Backs up and rehearses recovery", "maintenance"},
        {"监控系统并首先响应技术故障", "Monitors and is first technical responder", "incident"},
        {"安排变更窗口与封网", "Schedules change windows and freezes", "maintenance"},
        {"落实信息安全制度", "Carries out information security rules", "policy"}},
       {"技术变更批准权", "紧急停机权"},
       "三年以上系统运维经验"},
      {"EDL",
       "editor_lead",
       "网编部主管",
       "Web editing lead",
       "MGR",
       1,
       "管理内容日历、图文质量与商品编码",
       {{"编制内容日历并分派选题", "Keeps the editorial calendar", "content"},
        {"复审文案", "Second review of copy", "content"},
        {"派发并排期设计需求", "Dispatches and schedules design requests", "design"},
        {"检查图片与栏目质量", "Checks the quality of images and columns", "image"},
        {"维护商品编码字典", "Keeps the coding dictionary", "coding"},
        {"指导编辑与美工", "Guides editors and designers", "task"}},
       {"内容复审权", "设计排期权"},
       "三年以上内容管理经验"},
  };
}

std::vector<Standard> executing() {
  return {
      {"SPC",
       "ops_specialist",
       "营运专员",
       "Operations specialist",
       "MGR",
       4,
       "执行商品上下架、促销设置与数据跟踪",
       {{"执行商品上架与下架", "Lists and delists products", "listing"},
        {"设置并执行促销活动", "Sets up and runs promotions", "promotion"},
        {"监测平台数据并报告异常", "Watches platform data and reports anomalies", "marketing"},
        {"协调客服、仓储与物流", "Coordinates with service, warehouse and logistics", "order"},
        {"整理推广数据并评估效果", "Sorts marketing data and evaluates effects", "marketing"},
        {"提出关键词与内容修改建议", "Proposes keyword and content changes", "content"}},
       {"店铺后台操作权"},
       "熟悉主流平台规则与后台"},
      {"EDT",
       "editor",
       "编辑",
       "Editor",
       "EDL",
       4,
       "采集商品信息、撰写文案并制作页面",
       {{"采集并核对商品信息", "Collects and checks product facts", "content"},
        {"撰写商品文案", "Writes product copy", "content"},
        {"制作商品页面", "Builds product pages", "listing"},
        {"更新栏目内容", "Updates columns", "content"},
        {"校对并更正错误", "Proofreads and corrects", "content"},
        {"归档稿件与素材", "Archives copy and material", "file"}},
       {"内容编辑权"},
       "文字功底扎实"},
      {"DSN",
       "designer",
       "美工",
       "Designer",
       "EDL",
       3,
       "完成拍摄、修图与店铺视觉设计",
       {{"拍摄与修饰商品图片", "Shoots and retouches product images", "image"},
        {"制作主图、详情图与横幅", "Makes main, detail and banner images", "design"},
        {"装修店铺页面", "Decorates the shop", "design"},
        {"按规范命名并保存源文件", "Names and keeps source files by the rules", "file"},
        {"归档设计作品", "Archives finished designs", "file"}},
       {"设计素材库使用权"},
       "熟练使用设计软件"},
  };
}

Card card_of(const Standard& standard, const std::string& department, const std::string& code) {
  Card card;
  card.position = card.code = code + "-" + standard.suffix;
  card.title_zh = standard.title_zh, card.title_en = standard.title_en;
  card.department = department, card.role = standard.role;
  if (*standard.reports_to != '\0') card.reports_to = code + "-" + standard.reports_to;
  card.headcount = standard.headcount;
  card.summary = standard.summary;
  for (const DutyText& text : standard.duties) {
    const auto no = static_cast<std::int32_t>(card.duties.size() + 1);
    card.duties.push_back({no, text.zh, text.en, text.module, std::nullopt});
  }
  card.authority = standard.authority;
  card.requirements = standard.requirements;
  return card;
}

}  // namespace

std::vector<Card> standard_positions(const std::string& department, const std::string& code) {
  std::vector<Card> cards;
  for (const auto& part : {leading(), executing()}) {
    for (const Standard& standard : part) cards.push_back(card_of(standard, department, code));
  }
  return cards;
}

}  // namespace org
