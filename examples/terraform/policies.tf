# What acts on published APIs. Each is bound by the id of the publication, and acts at once.

resource "huaweicloud_apig_throttling_policy" "hundred" {
  instance_id      = local.instance_id
  name             = "hundred"
  type             = "API-based"
  period           = 1
  period_unit      = "MINUTE"
  max_api_requests = 100
  max_ip_requests  = 60

  app_throttles {
    throttling_object_id = huaweicloud_apig_application.mobile.id
    max_api_requests     = 80
  }
}

resource "huaweicloud_apig_throttling_policy_associate" "hundred" {
  instance_id = local.instance_id
  policy_id   = huaweicloud_apig_throttling_policy.hundred.id
  publish_ids = [
    huaweicloud_apig_api_publishment.hello.publish_id,
    huaweicloud_apig_api_publishment.user.publish_id,
  ]
}

resource "huaweicloud_apig_acl_policy" "inside" {
  instance_id = local.instance_id
  name        = "inside"
  type        = "PERMIT"
  entity_type = "IP"
  value       = "127.0.0.1,10.0.0.0/8,192.168.0.1-192.168.0.99"
}

resource "huaweicloud_apig_acl_policy_associate" "inside" {
  instance_id = local.instance_id
  policy_id   = huaweicloud_apig_acl_policy.inside.id
  publish_ids = [huaweicloud_apig_api_publishment.user.publish_id]
}

resource "huaweicloud_apig_signature" "backend" {
  instance_id = local.instance_id
  name        = "backend"
  type        = "hmac"
}

resource "huaweicloud_apig_signature_associate" "backend" {
  instance_id  = local.instance_id
  signature_id = huaweicloud_apig_signature.backend.id
  publish_ids  = [huaweicloud_apig_api_publishment.user.publish_id]
}

resource "huaweicloud_apig_plugin" "cors" {
  instance_id = local.instance_id
  name        = "cors"
  type        = "cors"
  # Whole, with the defaults: what is compared at the next plan is the JSON itself.
  content = jsonencode({
    allow_origin      = "*"
    allow_methods     = "GET,POST"
    allow_headers     = "Content-Type,Accept"
    expose_headers    = "X-Request-Id"
    max_age           = 3600
    allow_credentials = false
  })
}

resource "huaweicloud_apig_plugin_batch_apis_associate" "cors" {
  instance_id = local.instance_id
  plugin_id   = huaweicloud_apig_plugin.cors.id
  env_id      = huaweicloud_apig_environment.test.id
  api_ids     = [huaweicloud_apig_api.hello.id]

  depends_on = [huaweicloud_apig_api_publishment.hello]
}
