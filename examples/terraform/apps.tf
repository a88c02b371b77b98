# Who may call, with what, and how often.

resource "huaweicloud_apig_application" "mobile" {
  instance_id = local.instance_id
  name        = "mobile"
  description = "Made by Terraform"

  # AppCodes have a resource of their own below.
  lifecycle {
    ignore_changes = [app_codes]
  }
}

resource "huaweicloud_apig_appcode" "mobile" {
  instance_id    = local.instance_id
  application_id = huaweicloud_apig_application.mobile.id
  value          = var.app_code
}

resource "huaweicloud_apig_application_authorization" "mobile" {
  instance_id    = local.instance_id
  application_id = huaweicloud_apig_application.mobile.id
  env_id         = huaweicloud_apig_environment.test.id
  api_ids        = [huaweicloud_apig_api.user.id]

  # Only what is published can be authorised.
  depends_on = [huaweicloud_apig_api_publishment.user]
}

resource "huaweicloud_apig_application_acl" "mobile" {
  instance_id    = local.instance_id
  application_id = huaweicloud_apig_application.mobile.id
  type           = "PERMIT"
  values         = ["127.0.0.1", "10.0.0.0/8"]
}

resource "huaweicloud_apig_application_quota" "daily" {
  instance_id   = local.instance_id
  name          = "daily"
  call_limits   = 10000
  time_unit     = "DAY"
  time_interval = 1
}

resource "huaweicloud_apig_application_quota_associate" "daily" {
  instance_id = local.instance_id
  quota_id    = huaweicloud_apig_application_quota.daily.id

  applications {
    id = huaweicloud_apig_application.mobile.id
  }
}
