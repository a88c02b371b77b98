# An environment beside the built-in RELEASE, a group, and three APIs that are published into it.

resource "huaweicloud_apig_environment" "test" {
  instance_id = local.instance_id
  name        = "TEST"
  description = "Before RELEASE"
}

resource "huaweicloud_apig_group" "shop" {
  instance_id = local.instance_id
  name        = "shop"
  description = "Made by Terraform"

  # Variables and domains have resources of their own below.
  lifecycle {
    ignore_changes = [environment, url_domains]
  }
}

resource "huaweicloud_apig_environment_variable" "backend" {
  instance_id = local.instance_id
  group_id    = huaweicloud_apig_group.shop.id
  env_id      = huaweicloud_apig_environment.test.id
  name        = "backend"
  value       = var.backend
}

resource "huaweicloud_apig_group_domain_associate" "shop" {
  instance_id     = local.instance_id
  group_id        = huaweicloud_apig_group.shop.id
  url_domain      = "shop.example.com"
  min_ssl_version = "TLSv1.2"
}

# With a certificate of one's own for that domain: see the README.
resource "huaweicloud_apig_certificate" "shop" {
  count = var.certificate_file == null ? 0 : 1

  name        = "shop_example_com"
  type        = "instance"
  instance_id = local.instance_id
  content     = file(var.certificate_file)
  private_key = file(var.private_key_file)
}

resource "huaweicloud_apig_certificate_batch_domains_associate" "shop" {
  count = length(huaweicloud_apig_certificate.shop)

  instance_id                  = local.instance_id
  certificate_id               = huaweicloud_apig_certificate.shop[0].id
  verify_disabled_domain_names = [huaweicloud_apig_group_domain_associate.shop.url_domain]
}

resource "huaweicloud_apig_response" "plain" {
  instance_id = local.instance_id
  group_id    = huaweicloud_apig_group.shop.id
  name        = "plain"

  rule {
    error_type  = "THROTTLED"
    status_code = 429
    body        = jsonencode({ error = "slow down", request = "$context.requestId" })
  }
}

resource "huaweicloud_apig_api" "hello" {
  instance_id             = local.instance_id
  group_id                = huaweicloud_apig_group.shop.id
  name                    = "hello"
  type                    = "Public"
  request_protocol        = "BOTH"
  request_method          = "GET"
  request_path            = "/hello"
  security_authentication = "NONE"
  matching                = "Exact"
  response_id             = huaweicloud_apig_response.plain.id
  tags                    = ["terraform"]

  mock {
    status_code = 200
    response    = jsonencode({ message = "Hello from Terraform" })
  }
}

resource "huaweicloud_apig_api" "user" {
  instance_id             = local.instance_id
  group_id                = huaweicloud_apig_group.shop.id
  name                    = "user"
  type                    = "Private"
  request_protocol        = "BOTH"
  request_method          = "GET"
  request_path            = "/users/{id}"
  security_authentication = "APP"
  # An AppCode opens it too, over HTTPS.
  simple_authentication = true
  matching              = "Exact"

  request_params {
    name     = "id"
    location = "PATH"
    type     = "NUMBER"
    required = true
    minimum  = 1
    maximum  = 1000000
  }

  backend_params {
    type     = "REQUEST"
    name     = "id"
    location = "PATH"
    value    = "id"
  }

  backend_params {
    type              = "SYSTEM"
    system_param_type = "internal"
    name              = "X-Caller"
    location          = "HEADER"
    value             = "appId"
  }

  web {
    # The variable of the environment into which the API is published.
    backend_address  = "#backend#"
    path             = "/users/{id}"
    request_method   = "GET"
    request_protocol = "HTTP"
    timeout          = 5000
    retry_count      = 1
  }

  depends_on = [huaweicloud_apig_environment_variable.backend]
}

resource "huaweicloud_apig_api_publishment" "hello" {
  instance_id = local.instance_id
  env_id      = huaweicloud_apig_environment.test.id
  api_id      = huaweicloud_apig_api.hello.id
  description = "First"
}

resource "huaweicloud_apig_api_publishment" "user" {
  instance_id = local.instance_id
  env_id      = huaweicloud_apig_environment.test.id
  api_id      = huaweicloud_apig_api.user.id
}
