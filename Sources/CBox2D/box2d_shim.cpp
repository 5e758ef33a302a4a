// Empty without the trait Box2D: the package manager builds every target along with the tests, also
// on machines without Box2D.
#ifdef ATELIER_BOX2D

#include "box2d_shim.h"

#include <box2d/box2d.h>

#include <vector>

namespace {

/// Bodies and ground collide with each other, and neither with its own kind.
enum category : uint16 { GROUND = 1, BODY = 2 };

struct member {
  b2Body *body;
  bool is_touching;
  bool has_touched;
};

b2Vec2 vector(box2d_vector value) { return b2Vec2(value.x, value.y); }

box2d_vector vector(b2Vec2 value) { return {value.x, value.y}; }

}  // namespace

/// Bodies carry 1 + their number, the ground carries 0. Box2D frees its bodies with the world.
struct box2d_world : b2ContactListener {
  explicit box2d_world(float gravity) : world(b2Vec2(0, gravity)) {
    world.SetContactListener(this);
    b2BodyDef fixed;
    ground = world.CreateBody(&fixed);
  }

  void BeginContact(b2Contact *contact) override { note(contact, true); }
  void EndContact(b2Contact *contact) override { note(contact, false); }

  int add(const box2d_body &definition, const b2Shape &shape) {
    b2BodyDef body;
    body.type = b2_dynamicBody;
    body.position = vector(definition.position);
    body.angle = definition.angle;
    body.userData.pointer = members.size() + 1;
    members.push_back({world.CreateBody(&body), false, false});

    b2FixtureDef fixture;
    fixture.shape = &shape;
    fixture.density = definition.density;
    fixture.friction = definition.friction;
    fixture.filter.categoryBits = BODY;
    fixture.filter.maskBits = GROUND;
    members.back().body->CreateFixture(&fixture);
    return static_cast<int>(members.size()) - 1;
  }

  b2World world;
  b2Body *ground;
  std::vector<member> members;

private:
  void note(b2Contact *contact, bool begins) {
    for (b2Fixture *fixture : {contact->GetFixtureA(), contact->GetFixtureB()}) {
      const uintptr_t number = fixture->GetBody()->GetUserData().pointer;
      if (number == 0) continue;
      member &touched = members[number - 1];
      touched.is_touching = begins;
      touched.has_touched |= begins;
    }
  }
};

// When memory runs out, `new` throws and no caller catches: the program ends.

box2d_world *box2d_world_create(float gravity) { return new box2d_world(gravity); }

void box2d_world_destroy(box2d_world *world) {
  // Contacts end with the world and would be told to a listener that is half gone.
  world->world.SetContactListener(nullptr);
  delete world;
}

void box2d_add_ground(
  box2d_world *world, box2d_vector start, box2d_vector end, float friction) {
  b2EdgeShape edge;
  edge.SetTwoSided(vector(start), vector(end));
  b2FixtureDef fixture;
  fixture.shape = &edge;
  fixture.friction = friction;
  fixture.filter.categoryBits = GROUND;
  fixture.filter.maskBits = BODY;
  world->ground->CreateFixture(&fixture);
}

int box2d_add_polygon(
  box2d_world *world, box2d_body body, const box2d_vector *corners, int corner_count) {
  std::vector<b2Vec2> points;
  for (int number = 0; number < corner_count; ++number) points.push_back(vector(corners[number]));
  b2PolygonShape polygon;
  polygon.Set(points.data(), corner_count);
  return world->add(body, polygon);
}

int box2d_add_box(box2d_world *world, box2d_body body, box2d_vector half_size) {
  b2PolygonShape box;
  box.SetAsBox(half_size.x, half_size.y);
  return world->add(body, box);
}

void box2d_add_hinge(box2d_world *world, box2d_hinge hinge) {
  b2RevoluteJointDef joint;
  joint.bodyA = world->members[hinge.first_body].body;
  joint.bodyB = world->members[hinge.second_body].body;
  joint.localAnchorA = vector(hinge.first_anchor);
  joint.localAnchorB = vector(hinge.second_anchor);
  joint.enableLimit = true;
  joint.lowerAngle = hinge.lowest_angle;
  joint.upperAngle = hinge.highest_angle;
  joint.enableMotor = true;
  joint.motorSpeed = hinge.motor_speed;
  joint.maxMotorTorque = hinge.greatest_torque;
  world->world.CreateJoint(&joint);
}

void box2d_apply_force(box2d_world *world, int body, box2d_vector force) {
  world->members[body].body->ApplyForceToCenter(vector(force), true);
}

void box2d_apply_torque(box2d_world *world, int body, float torque) {
  world->members[body].body->ApplyTorque(torque, true);
}

void box2d_apply_impulse(
  box2d_world *world, int body, box2d_vector impulse, box2d_vector point) {
  world->members[body].body->ApplyLinearImpulse(vector(impulse), vector(point), true);
}

void box2d_step(
  box2d_world *world, float seconds, int velocity_iterations, int position_iterations) {
  world->world.Step(seconds, velocity_iterations, position_iterations);
}

box2d_body_state box2d_state(const box2d_world *world, int body) {
  const member &asked = world->members[body];
  return {
    vector(asked.body->GetPosition()), vector(asked.body->GetLinearVelocity()),
    asked.body->GetAngle(),            asked.body->GetAngularVelocity(),
    asked.body->IsAwake(),             asked.is_touching,
    asked.has_touched,
  };
}

#endif
