# Things that stand by themselves: they are kept and shown, and an API that refers to one is refused with APIG.3458 as long
# as requests do not obey it. docs/reference/admin-api.md says how far each has come.

resource "huaweicloud_apig_channel" "users" {
  instance_id      = local.instance_id
  name             = "users"
  port             = 9000
  balance_strategy = 1
  member_type      = "ip"
  type             = 2

  member_group {
    name   = "blue"
    weight = 50
  }

  member {
    host       = "127.0.0.1"
    weight     = 10
    group_name = "blue"
  }

  health_check {
    protocol           = "HTTP"
    path               = "/health"
    method             = "GET"
    http_codes         = "200-299"
    threshold_normal   = 2
    threshold_abnormal = 3
    interval           = 10
    timeout            = 5
  }
}

resource "huaweicloud_apig_custom_authorizer" "door" {
  instance_id      = local.instance_id
  name             = "door"
  type             = "FRONTEND"
  function_urn     = "urn:fss:pailou-1:project:function:default:door"
  function_version = "latest"
  cache_age        = 60

  identity {
    name     = "X-Ticket"
    location = "HEADER"
  }
}

resource "huaweicloud_apig_orchestration_rule" "region" {
  instance_id = local.instance_id
  name        = "region"
  strategy    = "list"

  mapped_param = jsonencode({
    mapped_param_name     = "region"
    mapped_param_type     = "string"
    mapped_param_location = "header"
  })

  map = [
    jsonencode({ mapped_param_value = "north", map_param_list = ["beijing", "tianjin"] }),
    jsonencode({ mapped_param_value = "south", map_param_list = ["guangzhou"] }),
  ]
}

resource "huaweicloud_apig_instance_feature" "ratelimit" {
  instance_id = local.instance_id
  name        = "ratelimit"
  enabled     = true
  config      = jsonencode({ api_limits = 300 })
}

resource "huaweicloud_apig_instance_ingress_port" "extra" {
  instance_id = local.instance_id
  protocol    = "HTTP"
  port        = 8080
}

resource "huaweicloud_apig_endpoint_whitelist" "accounts" {
  instance_id = local.instance_id
  whitelists  = ["iam:domain::6e9dfd51d1124e8d8498dce894923a0d"]
}
