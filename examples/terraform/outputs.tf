output "instance_id" {
  value = local.instance_id
}

output "hello" {
  description = "A call of the open API. It is published into TEST."
  value       = "curl -i -H 'X-Stage: TEST' http://${huaweicloud_apig_group.shop.id}.apig.localhost:8000/hello"
}

output "publications" {
  value = {
    hello = huaweicloud_apig_api_publishment.hello.publish_id
    user  = huaweicloud_apig_api_publishment.user.publish_id
  }
}
